package dev.stockpot.merge.spark.frames;

import static org.apache.spark.sql.functions.col;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.Columns;
import dev.stockpot.merge.predict.Findings;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Reads tables of predictions and joins them, on the Spark that runs in this JVM. */
public final class PredictionFrames {
  /** Examples of a bucket, and numbers of it, at most; by what is there, never by who is there. */
  private static final long BUCKET_ROWS = 1 << 16;

  private static final long BUCKET_NUMBERS = 1 << 23;
  private static final long FEWEST_ROWS = 64;
  private static final int MOST_BUCKETS = 20_000;

  private final SparkSession session;

  private PredictionFrames(SparkSession session) {
    this.session = session;
  }

  /**
   * On the Spark that runs. Its session is left as it is.
   *
   * @throws UserException if there is no Spark SQL
   */
  public static PredictionFrames open() {
    try {
      SparkSession own = SparkSession.builder().getOrCreate().newSession();
      own.conf().set("spark.sql.ansi.enabled", false); // what is no number is told with its row
      own.conf().set("spark.sql.caseSensitive", true);
      return new PredictionFrames(own);
    } catch (LinkageError e) {
      throw new UserException(
          "Predictions need Spark SQL, whose jars are missing (%s). They lie beside Spark's in an installation, and in lib/sql of an archive"
              .formatted(e.getMessage()),
          e);
    }
  }

  /**
   * Joins tables by example.
   *
   * @param labels a table that has nothing but labels
   * @param masks whether a table may lack examples that others have
   * @throws UserException with all that is wrong in them, a line each
   */
  public Joined join(
      List<NamedTable> models, Optional<NamedTable> labels, Columns columns, boolean masks) {
    List<String> names = new ArrayList<>(models.stream().map(NamedTable::toString).toList());
    labels.ifPresent(table -> names.add(table.toString()));
    return Failures.told(FirstFew.of(names), () -> joined(models, labels, columns, masks, names));
  }

  private Joined joined(
      List<NamedTable> models,
      Optional<NamedTable> labels,
      Columns columns,
      boolean masks,
      List<String> names) {
    FrameReader reader = new FrameReader(session, columns);
    List<Frame> frames = models.stream().map(reader::read).toList();
    List<String> classes = classes(frames);
    Tables tables =
        new Tables(frames.stream().map(Frame::scale).toList(), frames.get(0).width(), masks);
    List<Dataset<Row>> all = new ArrayList<>();
    frames.forEach(frame -> all.add(ordered(frame, classes)));
    labels.map(reader::labels).ifPresent(all::add);
    List<ExampleIds> ids = new ArrayList<>();
    for (int table = 0; table < all.size(); table++) {
      Dataset<Row> rows = all.get(table);
      ids.add(Failures.told(names.get(table), () -> ExampleIds.of(rows)));
    }
    long most = 1;
    for (int table = 0; table < frames.size(); table++) {
      most = Math.max(most, ids.get(table).rows());
    }
    JavaRDD<Block> blocks = AllRows.of(all, ids, classes).blocks(buckets(most, tables), tables);
    Findings findings = new BlockPasses(blocks).findings(frames.size() + 1);
    Joined joined = new Joined(session, blocks, tables, classes, idType(frames), findings);
    try {
      findings.throwIfAny(names, tables.scales());
    } catch (UserException e) {
      joined.close();
      throw e;
    }
    return joined;
  }

  private static int buckets(long examples, Tables tables) {
    long numbers = (long) tables.models() * tables.classes();
    long rows = Math.max(FEWEST_ROWS, Math.min(BUCKET_ROWS, BUCKET_NUMBERS / numbers));
    return (int) Math.min(MOST_BUCKETS, (examples + rows - 1) / rows);
  }

  /** The names of classes that some table has. */
  private static List<String> classes(List<Frame> frames) {
    Frame first = frames.get(0);
    Optional<Frame> named =
        frames.stream().filter(frame -> frame.classes().isPresent()).findFirst();
    List<String> names = named.flatMap(Frame::classes).orElse(List.of());
    for (Frame frame : frames) {
      if (frame.width() != first.width()) {
        throw new UserException(
            "%s has %s classes, and %s has %s. All models must be asked for the same ones"
                .formatted(first.table(), first.width(), frame.table(), frame.width()));
      }
      List<String> own = frame.classes().orElse(names);
      List<String> other = own.stream().filter(name -> !names.contains(name)).toList();
      if (!other.isEmpty()) {
        throw new UserException(
            "%s has classes that %s has not: %s. All models must be asked for the same ones"
                .formatted(frame.table(), named.orElseThrow().table(), FirstFew.of(other)));
      }
    }
    return names;
  }

  /** Its rows, with scores in the order of the classes that all have. */
  private static Dataset<Row> ordered(Frame frame, List<String> classes) {
    if (frame.classes().isEmpty() || frame.classes().get().equals(classes)) {
      return frame.rows();
    }
    List<String> own = frame.classes().get();
    Column[] scores =
        classes.stream()
            .map(name -> col(Frame.SCORES).getItem(own.indexOf(name)))
            .toArray(Column[]::new);
    return frame.rows().withColumn(Frame.SCORES, functions.array(scores));
  }

  /** What ids are, if they are the same everywhere and text says all of them. */
  private static DataType idType(List<Frame> frames) {
    DataType first = frames.get(0).idType();
    boolean isWhole = first.equals(DataTypes.LongType) || first.equals(DataTypes.IntegerType);
    return isWhole && frames.stream().allMatch(frame -> frame.idType().equals(first))
        ? first
        : DataTypes.StringType;
  }
}
