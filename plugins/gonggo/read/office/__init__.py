"""Readers of office files: HWP, HWPX, PDF, DOCX, XLSX and ZIP of them. They run in processes of their own only."""
