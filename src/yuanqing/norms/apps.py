from yuanqing.kernel.duty import DutyConfig


class NormsConfig(DutyConfig):
    name = "yuanqing.norms"
    label = "norms"
    default = True
