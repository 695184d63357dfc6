from yuanqing.kernel.duty import DutyConfig


class DisciplineConfig(DutyConfig):
    name = "yuanqing.discipline"
    label = "discipline"
    default = True
