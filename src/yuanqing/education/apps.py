from yuanqing.kernel.duty import DutyConfig


class EducationConfig(DutyConfig):
    name = "yuanqing.education"
    label = "education"
    default = True
