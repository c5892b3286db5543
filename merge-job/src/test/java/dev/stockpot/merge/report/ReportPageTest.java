package dev.stockpot.merge.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The page of the report's numbers in the docs names every file and every column of it. */
class ReportPageTest {
  private static final Path PAGE = Path.of("../docs/report.md");
  private static final Report FULL =
      new Report(
          new Report.Heading(
              "title", "linear", Optional.empty(), "", List.of(), List.of(JsonObject.EMPTY)),
          List.of(),
          List.of());

  @TestFactory
  Stream<DynamicTest> everyColumnIsExplained() throws IOException {
    String page = Files.readString(PAGE);
    return ReportTables.of(FULL).entrySet().stream()
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table.getKey(),
                    () -> {
                      String section = section(page, table.getKey());
                      for (Table.Column column : table.getValue().columns()) {
                        assertThat(section).contains("`" + column.name() + "`");
                      }
                    }));
  }

  private static String section(String page, String table) {
    String heading = "## `" + table + ".parquet`";
    assertThat(page).contains(heading);
    return page.substring(page.indexOf(heading)).split(Pattern.quote("\n## "), 2)[0];
  }
}
