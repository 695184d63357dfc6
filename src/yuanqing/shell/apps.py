from yuanqing.kernel.duty import DutyConfig


class ShellConfig(DutyConfig):
    name = "yuanqing.shell"
    label = "shell"
    default = True
