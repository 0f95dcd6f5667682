"""Lists as tables for spreadsheets: rows of typed cells, written as CSV or as a workbook; the one place for both."""
