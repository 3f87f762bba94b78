"""Where the work happens and who carries it: territories, structures, portfolios and caseload."""
