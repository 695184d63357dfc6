from yuanqing.kernel.duty import DutyConfig


class HotlineConfig(DutyConfig):
    name = "yuanqing.hotline"
    label = "hotline"
    default = True
