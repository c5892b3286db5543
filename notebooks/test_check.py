"""What check.py says about notebooks that should not be committed."""

import tempfile
import unittest
from pathlib import Path

import check
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


class Faults(unittest.TestCase):
    def faults_of(self, *cells, **metadata):
        return check.faults(new_notebook(cells=list(cells), metadata=metadata))

    def test_a_cleared_notebook_has_none(self):
        cells = new_markdown_cell("# Title, and/or https://example.com/home/"), new_code_cell('print("../stockpot", 1 / 2)')
        self.assertEqual([], self.faults_of(*cells, kernelspec={"name": "python3", "display_name": "Python 3"}))

    def test_outputs_and_counts_are_told(self):
        printed = new_output("stream", text="hello")
        self.assertIn("cell 1 was saved with its output", self.faults_of(new_code_cell("1", outputs=[printed]))[0])
        self.assertIn("cell 1 was saved with its output", self.faults_of(new_code_cell("1", execution_count=3))[0])

    def test_paths_of_a_machine_are_told(self):
        for source in ('open("/home/ann/x")', "!ls /tmp/x", "cd ~/models", "Path('C:\\\\models')"):
            with self.subTest(source):
                self.assertIn("cell 1 has a path of some machine", self.faults_of(new_code_cell(source))[0])

    def test_what_an_editor_left_is_told(self):
        self.assertEqual(["metadata that an editor left: widgets"], self.faults_of(widgets={}))


class Execution(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def check(self, source):
        file = self.folder / "some.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(source)]), file)
        results = self.folder / "results"
        results.mkdir()
        return check.check(file, self.folder, results)

    def test_a_cell_that_fails_is_told(self):
        self.assertIn("AssertionError", self.check("assert 1 > 2, 'never'")[0])

    def test_large_outputs_are_told(self):
        self.assertIn("should be at most 200000", self.check("print('x' * 300_000)")[0])


if __name__ == "__main__":
    unittest.main()
