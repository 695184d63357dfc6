from yuanqing.kernel.duty import DutyConfig


class OrgConfig(DutyConfig):
    name = "yuanqing.org"
    label = "org"
    default = True

    def ready(self) -> None:
        from yuanqing.kernel import barriers
        from yuanqing.org.account import queries, rules
        from yuanqing.org.recusal.models import RecusalBarrier

        barriers.put_up(RecusalBarrier())
        rules.follow(queries.follow_published_roles)
