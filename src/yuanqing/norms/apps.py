from yuanqing.kernel.duty import DutyConfig


class NormsConfig(DutyConfig):
    name = "yuanqing.norms"
    label = "norms"
    default = True

    def ready(self) -> None:
        from yuanqing.org.account import rules

        rules.fall_back_on(self.install_shipped_roles)

    @staticmethod
    def install_shipped_roles() -> None:
        """Until a roles pack is published, the shipped one says what a role allows."""
        from yuanqing.norms.packs import shipped
        from yuanqing.org.account.queries import install_roles

        install_roles(shipped("roles"))
