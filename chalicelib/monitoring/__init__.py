"""Figures: regions, caseloads, the funnel, the report to the state. No person is ever named here."""
