from typing import Any

from yuanqing.kernel.duty import DutyConfig


class NormsConfig(DutyConfig):
    name = "yuanqing.norms"
    label = "norms"
    default = True

    def ready(self) -> None:
        from yuanqing.org.account import rules
        from yuanqing.org.signin import rules as signin

        rules.fall_back_on(self.install_shipped_roles)
        signin.fall_back_on(self.shipped_limits)

    @staticmethod
    def install_shipped_roles() -> None:
        """Until a roles pack is published, the shipped one says what a role allows."""
        from yuanqing.norms.packs import shipped
        from yuanqing.org.account.queries import install_roles

        install_roles(shipped("roles"))

    @staticmethod
    def shipped_limits() -> Any:
        """Until a security pack is published, the shipped one says what signing in demands."""
        from yuanqing.norms.packs import shipped
        from yuanqing.org.signin.rules import Limits

        pack = shipped("security")
        return Limits.of(pack.of_kind("parameter"), pack.of_kind("demand"))
