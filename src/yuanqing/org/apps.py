from yuanqing.kernel.duty import DutyConfig


class OrgConfig(DutyConfig):
    name = "yuanqing.org"
    label = "org"
    default = True

    def ready(self) -> None:
        from yuanqing.org.account import queries, rules

        rules.follow(queries.follow_published_roles)
