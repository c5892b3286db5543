package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints as tables of a session. */
class SafetensorsSourceTest {
  private static final String UP = "model.layers.0.mlp.up_proj.weight";

  @TempDir private static Path folder;
  private static String model;
  private static SparkSession session;

  @BeforeAll
  static void startASession() throws IOException {
    model = TableModels.write(folder.resolve("a")).toString();
    session =
        SparkSession.builder()
            .master("local[2]")
            .appName("tables")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN") // tables are small
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
  }

  @AfterAll
  static void stopIt() {
    session.stop();
  }

  private static Dataset<Row> table() {
    return session.read().format("safetensors").load(model);
  }

  private static Dataset<Row> with(String option, String value) {
    return session.read().format("safetensors").option(option, value).load(model);
  }

  private static List<String> names(Dataset<Row> rows) {
    return rows.select("name").collectAsList().stream().map(row -> row.getString(0)).toList();
  }

  @Test
  void hasARowForEachTensor() {
    Row up = table().where("name = '" + UP + "'").collectAsList().get(0);

    assertThat(table().columns())
        .containsExactly(
            "model",
            "name",
            "dtype",
            "shape",
            "elements",
            "bytes",
            "file",
            "offset",
            "stack",
            "layer",
            "block");
    assertThat(table().count()).isEqualTo(4);
    assertThat(up.getString(0)).isEqualTo(model);
    assertThat(up.getString(2)).isEqualTo("F32");
    assertThat(up.getList(3)).hasToString("[2, 3]");
    assertThat(up.getLong(4)).isEqualTo(6);
    assertThat(up.getLong(5)).isEqualTo(24);
    assertThat(up.getString(6)).isEqualTo("model-00001-of-00002.safetensors");
    assertThat(up.getLong(7)).isEqualTo(8 + headerOfFirst());
    assertThat(up.getString(8)).isEqualTo("model.layers");
    assertThat(up.getInt(9)).isZero();
    assertThat(up.getString(10)).isEqualTo("mlp.up_proj");
  }

  private static long headerOfFirst() {
    try {
      byte[] file = Files.readAllBytes(Path.of(model, "model-00001-of-00002.safetensors"));
      return (file[0] & 255) + 256L * (file[1] & 255);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tensorsOutsideOfLayersHaveNone() {
    assertThat(names(table().where("layer is null")))
        .containsExactlyInAnyOrder("model.norm.weight", "position_ids");
  }

  @Test
  void groupsAndSums() {
    List<Row> layers = table().groupBy("layer").sum("elements").orderBy("layer").collectAsList();

    assertThat(layers).hasToString("[[null,5], [0,6], [1,2]]");
  }

  @Test
  void whatHeadersDecideIsDecidedBeforeAnythingIsRead() {
    Dataset<Row> few =
        table()
            .where("name like 'model.layers.%' and layer >= 1 and dtype in ('F32', 'F16')")
            .select("name");

    assertThat(few.queryExecution().executedPlan().toString()).doesNotContain("Filter (");
    assertThat(names(few)).containsExactly("model.layers.1.mlp.up_proj.weight");
  }

  @Test
  void negationsAreLeftToSpark() {
    assertThat(names(table().where("not (layer = 0)")))
        .containsExactly("model.layers.1.mlp.up_proj.weight");
  }

  @Test
  void statisticsLeaveOutWhatIsNoNumber() {
    Row up = with("statistics", "true").where("layer = 0").collectAsList().get(0);

    assertThat(up.<Double>getAs("mean")).isEqualTo(0.8);
    assertThat(up.<Double>getAs("min")).isEqualTo(-2);
    assertThat(up.<Double>getAs("max")).isEqualTo(3);
    assertThat(up.<Double>getAs("l2")).isEqualTo(Math.sqrt(18));
    assertThat(up.<Double>getAs("std")).isEqualTo(Math.sqrt(18 / 5.0 - 0.8 * 0.8));
    assertThat(up.<Long>getAs("zeros")).isEqualTo(1);
    assertThat(up.<Long>getAs("nonfinite")).isEqualTo(1);
  }

  @Test
  void integersHaveNoStatistics() {
    Row ids = with("statistics", "true").where("dtype = 'I64'").collectAsList().get(0);

    assertThat(ids.isNullAt(ids.fieldIndex("mean"))).isTrue();
    assertThat(ids.isNullAt(ids.fieldIndex("nonfinite"))).isTrue();
  }

  @Test
  void bytesAreReadOnlyWhereTheyAreWanted() throws IOException {
    Path copy = TableModels.write(folder.resolve("without-bytes"));
    Dataset<Row> table =
        session.read().format("safetensors").option("statistics", "true").load(copy.toString());
    Dataset<Row> names = table.select("name");
    Files.delete(copy.resolve("model-00002-of-00002.safetensors"));

    assertThat(names.count()).isEqualTo(4);
    assertThatThrownBy(() -> table.select("mean").collect())
        .hasStackTraceContaining("model-00002-of-00002.safetensors");
  }

  @Test
  void bytesThatWereReadAreAMetricOfTheScan() {
    Dataset<Row> one = with("statistics", "true").where("name = '" + UP + "'").select("max");
    one.collectAsList();

    assertThat(one.queryExecution().executedPlan().collectLeaves().head().metrics())
        .satisfies(metrics -> assertThat(metrics.apply("bytesRead").value()).isEqualTo(24));
  }

  @Test
  void valuesComeByChunks() {
    Dataset<Row> chunks =
        session
            .read()
            .format("safetensors")
            .option("values", "true")
            .option("chunk", "4")
            .load(model)
            .where("layer = 0")
            .select("first", "values");

    List<Row> rows = chunks.orderBy("first").collectAsList();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).getLong(0)).isZero();
    assertThat(rows.get(0).getList(1)).hasToString("[1.0, -2.0, 0.0, 3.0]");
    assertThat(rows.get(1).getLong(0)).isEqualTo(4);
    assertThat(rows.get(1).getList(1)).hasToString("[NaN, 2.0]");
  }

  @Test
  void valuesAreWidenedAndIntegersHaveNone() {
    List<Row> rows = with("values", "true").where("layer is null").orderBy("name").collectAsList();

    assertThat(rows.get(0).getList(rows.get(0).fieldIndex("values")))
        .hasToString("[1.0, 1.0, 2.0, 0.0]");
    assertThat(rows.get(1).isNullAt(rows.get(1).fieldIndex("values"))).isTrue();
  }

  @Test
  void codesAreNoNumbers() throws IOException {
    String codes = TableModels.writeCodes(folder.resolve("codes")).toString();
    String ofCodes = "dtype = 'F8_E4M3'";

    Row values =
        session
            .read()
            .format("safetensors")
            .option("values", "true")
            .load(codes)
            .where(ofCodes)
            .first();
    Row statistics =
        session
            .read()
            .format("safetensors")
            .option("statistics", "true")
            .load(codes)
            .where(ofCodes)
            .first();

    assertThat(values.isNullAt(values.fieldIndex("values"))).isTrue();
    assertThat(statistics.isNullAt(statistics.fieldIndex("mean"))).isTrue();
  }

  @Test
  void severalModelsAreOneTable() throws IOException {
    String other = TableModels.write(folder.resolve("b")).toString();

    Dataset<Row> both = session.read().format("safetensors").load(model, other);

    assertThat(both.groupBy("model").count().orderBy("model").collectAsList())
        .hasToString("[[%s,4], [%s,4]]".formatted(model, other));
  }

  @Test
  void isThereInSql() {
    table().createOrReplaceTempView("tensors");

    assertThat(session.sql("select sum(bytes) from tensors").first().getLong(0)).isEqualTo(48);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> with("statistic", "true").count())
        .hasMessageContaining("knows no option statistic; its options are statistics");
    assertThatThrownBy(() -> with("values", "yes").count())
        .hasMessageContaining("values is yes, must be true or false");
    assertThatThrownBy(() -> with("chunk", "5").count())
        .hasMessageContaining("chunk is 5, the elements of a row of values");
    assertThatThrownBy(() -> session.read().format("safetensors").load().count())
        .hasMessageContaining("no model is named");
    assertThatThrownBy(
            () -> session.read().format("safetensors").load(folder.resolve("no").toString()))
        .hasMessageContaining("no");
  }

  @Test
  void isReadOnly() {
    Dataset<Row> table = table();

    assertThatThrownBy(
            () ->
                table
                    .write()
                    .format("safetensors")
                    .mode(SaveMode.Append)
                    .save(folder.resolve("a").toString()))
        .hasMessageContaining("SafetensorsSource does not allow");
    assertThat(table.count()).isEqualTo(4);
  }
}
