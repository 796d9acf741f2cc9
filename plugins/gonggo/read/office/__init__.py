"""Readers of office files: HWP, HWPX, PDF, DOCX, XLSX, and ZIP files of them; they run only in separate processes."""
