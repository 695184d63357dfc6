from django.core.checks import Tags, register

from yuanqing.kernel.duty import DutyConfig


class ShellConfig(DutyConfig):
    name = "yuanqing.shell"
    label = "shell"
    default = True

    def ready(self) -> None:
        from yuanqing.shell.assets import packages_are_installed
        from yuanqing.shell.security import receivers  # noqa: F401

        register(packages_are_installed, Tags.staticfiles, deploy=True)
