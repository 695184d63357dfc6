from yuanqing.kernel.duty import DutyConfig


class OrgConfig(DutyConfig):
    name = "yuanqing.org"
    label = "org"
    default = True
