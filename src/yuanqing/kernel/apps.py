from yuanqing.kernel.duty import DutyConfig


class KernelConfig(DutyConfig):
    name = "yuanqing.kernel"
    label = "kernel"
    default = True
