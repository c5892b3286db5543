package dev.stockpot.merge.spark.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.Columns;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.RowSums;
import dev.stockpot.merge.predict.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as they come: formats, columns, labels, and what is refused. */
class PredictionFramesTest {
  private static final Columns LOGITS =
      new Columns("id", Optional.empty(), List.of(), Optional.of(Scale.LOGITS));

  @TempDir private static Path folder;
  private static FrameSession spark;
  private static int written;

  @BeforeAll
  static void start() {
    spark = FrameSession.ofSmallTables(/* hasKryo= */ true);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  /** All labels, as a sum of {@code (label + 2) * 10^id}. */
  private record Labels() implements RowSums {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public void add(Block block, double[] sums) {
      for (int row = 0; row < block.rows(); row++) {
        int place = Integer.parseInt(block.id(row).replaceAll("\\D", ""));
        sums[0] += (block.label(row) + 2) * Math.pow(10, place);
      }
    }
  }

  private static NamedTable csv(String... lines) throws IOException {
    Path file = folder.resolve("t%s.csv".formatted(written++));
    return new NamedTable("t", Files.writeString(file, String.join("\n", lines)).toString());
  }

  private static NamedTable parquet(StructType type, Object[]... rows) {
    Path place = folder.resolve("t%s.parquet".formatted(written++));
    List<Row> all = new ArrayList<>();
    for (Object[] row : rows) {
      all.add(RowFactory.create(row));
    }
    spark.session().createDataFrame(all, type).write().parquet(place.toString());
    return new NamedTable("t", place.toString());
  }

  private static StructType listed(String scores, DataType number) {
    return new StructType()
        .add("id", DataTypes.LongType)
        .add("label", DataTypes.IntegerType)
        .add(scores, DataTypes.createArrayType(number));
  }

  private static Joined joined(Columns columns, NamedTable... tables) {
    return PredictionFrames.open().join(List.of(tables), Optional.empty(), columns, false);
  }

  private static double labels(Columns columns, NamedTable... tables) {
    try (Joined joined = joined(columns, tables)) {
      return joined.over(new Labels())[0];
    }
  }

  private static void refuses(String message, Columns columns, NamedTable... tables) {
    assertThatThrownBy(() -> joined(columns, tables).close())
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aColumnOfListsSaysItsScaleByItsName() {
    NamedTable table =
        parquet(
            listed("probabilities", DataTypes.FloatType),
            new Object[] {0L, 1, new float[] {0.25f, 0.75f}},
            new Object[] {1L, null, new float[] {0.5f, 0.5f}});
    try (Joined joined = joined(Columns.USUAL, table)) {
      assertThat(joined.tables().scales()).containsExactly(Scale.PROBABILITIES);
      assertThat(joined.tables().classes()).isEqualTo(2);
      assertThat(joined.findings().labelled()).isEqualTo(1);
      assertThat(joined.over(new Labels())[0]).isEqualTo(13);
    }
  }

  @Test
  void emptyCellsOfListsAreNoZeros() {
    NamedTable table =
        parquet(
            listed("logits", DataTypes.DoubleType),
            new Object[] {0L, 1, new Double[] {0.25, null}},
            new Object[] {1L, 1, new Double[] {0.25, 1.0}});
    refuses("t (", Columns.USUAL, table);
    refuses("example 0 has a score that is no number (class 1: NaN", Columns.USUAL, table);
  }

  @Test
  void nanBesideEmptyCellsIsSeenToo() {
    NamedTable table =
        parquet(
            listed("logits", DataTypes.DoubleType),
            new Object[] {0L, 1, new Double[] {Double.NaN, null}},
            new Object[] {1L, 1, new Double[] {0.25, 1.0}});
    refuses("example 0 has a score that is no number (class 0: NaN", Columns.USUAL, table);
  }

  @Test
  void emptyCellsOfShortNumbersAreNoZerosEither() {
    NamedTable table =
        parquet(
            listed("logits", DataTypes.FloatType),
            new Object[] {0L, 1, new Float[] {0.25f, null}},
            new Object[] {1L, 1, new Float[] {0.25f, 1f}},
            new Object[] {2L, 1, new Float[] {Float.NaN, null}});
    refuses("example 0 has a score that is no number (class 1: NaN", Columns.USUAL, table);
    refuses("so it is of 2 rows in all", Columns.USUAL, table);
  }

  @Test
  void columnsOfAnotherTableMayStandInAnotherOrder() throws IOException {
    NamedTable first = csv("id,label,cat,dog", "0,cat,5,1", "1,dog,2,3");
    NamedTable second = csv("id,dog,label,cat", "0,1,cat,5", "1,3,dog,2");
    try (Joined joined = joined(LOGITS, first, new NamedTable("u", second.path()))) {
      assertThat(joined.classes()).containsExactly("cat", "dog");
      assertThat(joined.over(new Labels())[0]).isEqualTo(32);
    }
  }

  @Test
  void labelsMayBeNamesPlacesOrFlags() throws IOException {
    assertThat(labels(LOGITS, csv("id,label,cat,dog", "0,dog,5,1", "1,,2,3", "2,0,2,3")))
        .isEqualTo(213);
    assertThat(labels(LOGITS, csv("id,label,cat,dog", "0,1.0,5,1"))).isEqualTo(3);
    StructType flags =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("label", DataTypes.BooleanType)
            .add("logits", DataTypes.createArrayType(DataTypes.DoubleType));
    assertThat(
            labels(
                Columns.USUAL,
                parquet(
                    flags,
                    new Object[] {"0", true, new double[] {1, 2}},
                    new Object[] {"1", false, new double[] {1, 2}})))
        .isEqualTo(23);
  }

  @Test
  void classesThatAreCalledByNumbersAreMeantByLabels() throws IOException {
    assertThat(labels(LOGITS, csv("id,label,1,2", "0,1,5,1", "1,2,5,1"))).isEqualTo(32);
    refuses("has a label that is no class", LOGITS, csv("id,label,1,2", "0,0,5,1"));
  }

  @Test
  void refusesLabelsThatAreNoClass() throws IOException {
    refuses("has a label that is no class", LOGITS, csv("id,label,cat,dog", "0,cow,5,1"));
    refuses("has a label that is no class", LOGITS, csv("id,label,cat,dog", "0,-1,5,1"));
    refuses("has a label that is no class", LOGITS, csv("id,label,cat,dog", "0,0.5,5,1"));
    refuses("has a label that is no class", LOGITS, csv("id,label,cat,dog", "0,4294967296,5,1"));
  }

  @Test
  void refusesCellsThatAreNoNumbers() throws IOException {
    refuses("class 1: NaN", LOGITS, csv("id,label,cat,dog", "0,cat,5,much"));
    refuses("class 0: NaN", LOGITS, csv("id,label,cat,dog", "0,cat,,1"));
  }

  @Test
  void refusesOtherClasses() throws IOException {
    NamedTable two = csv("id,label,cat,dog", "0,cat,5,1");
    NamedTable three = csv("id,label,cat,dog,cow", "0,cat,5,1,1");
    NamedTable others = csv("id,label,cat,cow", "0,cat,5,1");
    refuses("has 2 classes, and t (", LOGITS, two, three);
    refuses("has classes that t (", LOGITS, two, others);
  }

  @Test
  void refusesTablesWithoutTheirColumns() throws IOException {
    refuses("has no column `id`; it has name, cat, dog", LOGITS, csv("name,cat,dog", "0,5,1"));
    Columns named = new Columns("name", Optional.of("gold"), List.of(), Optional.of(Scale.LOGITS));
    refuses("has no column `gold`", named, csv("name,cat,dog", "0,5,1"));
    refuses("which of its columns are scores?", LOGITS, csv("id,label,cat", "0,0,5"));
    Columns some =
        new Columns("id", Optional.empty(), List.of("cat", "dog"), Optional.of(Scale.LOGITS));
    assertThat(labels(some, csv("id,label,text,cat,dog", "0,cat,hello,5,1"))).isEqualTo(2);
  }

  @Test
  void refusesScoresOfNoScale() throws IOException {
    refuses(
        "are its scores logits, log-probabilities or probabilities?",
        Columns.USUAL,
        csv("id,label,cat,dog", "0,cat,5,1"));
  }

  @Test
  void refusesFilesThatAreNoTables() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.parquet"), "no parquet at all");
    refuses("cannot be read: ", Columns.USUAL, new NamedTable("t", broken.toString()));
    refuses("cannot be read: ", LOGITS, csv("id,label,cat,dog", "0,cat,5,1,7,8"));
  }

  @Test
  void labelsMayLieInATableOfTheirOwn() throws IOException {
    NamedTable scores = csv("id,cat,dog", "0,5,1", "1,2,3");
    NamedTable labels = csv("id,label", "1,dog", "0,cat", "9,dog");
    try (Joined joined =
        PredictionFrames.open().join(List.of(scores), Optional.of(labels), LOGITS, false)) {
      assertThat(joined.over(new Labels())[0]).isEqualTo(32);
      assertThat(joined.findings().examples()).isEqualTo(2);
    }
  }

  @Test
  void namesOfColumnsMayHoldDotsAndTicks() throws IOException {
    assertThat(labels(LOGITS, csv("id,label,a.b,c`d", "0,c`d,5,1"))).isEqualTo(3);
  }
}
