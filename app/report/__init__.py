"""The supervisor's report: figures and pictures on one page that needs no network."""
