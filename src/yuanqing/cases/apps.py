from yuanqing.kernel.duty import DutyConfig


class CasesConfig(DutyConfig):
    name = "yuanqing.cases"
    label = "cases"
    default = True
