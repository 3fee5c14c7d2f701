"""The catalogue of matters 事项目录: which types of cases there are, and what each asks for."""
