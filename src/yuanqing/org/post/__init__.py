"""岗位: posts, appointments and who manages which cadres."""
