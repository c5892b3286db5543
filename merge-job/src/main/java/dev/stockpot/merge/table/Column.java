package dev.stockpot.merge.table;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A column of the table. */
@SuppressWarnings("ImmutableEnumChecker") // types of Spark and functions without state
enum Column {
  MODEL(DataTypes.StringType, Group.HEADER, TensorRow::model),
  NAME(DataTypes.StringType, Group.HEADER, row -> row.tensor().name()),
  DTYPE(DataTypes.StringType, Group.HEADER, row -> row.tensor().dtype().name()),
  SHAPE(
      DataTypes.createArrayType(DataTypes.LongType, false),
      Group.HEADER,
      row -> row.tensor().shape().dimensions().stream().mapToLong(Long::longValue).toArray()),
  ELEMENTS(DataTypes.LongType, Group.HEADER, row -> row.tensor().shape().elements()),
  BYTES(DataTypes.LongType, Group.HEADER, row -> row.tensor().bytes().length()),
  FILE(DataTypes.StringType, Group.HEADER, row -> row.tensor().shard().location().name()),
  OFFSET(DataTypes.LongType, Group.HEADER, row -> row.tensor().bytes().begin()),
  STACK(DataTypes.StringType, Group.HEADER, row -> row.stack().isEmpty() ? null : row.stack()),
  LAYER(DataTypes.IntegerType, Group.HEADER, row -> row.layer() < 0 ? null : row.layer()),
  BLOCK(DataTypes.StringType, Group.HEADER, TensorRow::block),
  MEAN(DataTypes.DoubleType, Group.STATISTICS),
  STD(DataTypes.DoubleType, Group.STATISTICS),
  MIN(DataTypes.DoubleType, Group.STATISTICS),
  MAX(DataTypes.DoubleType, Group.STATISTICS),
  L2(DataTypes.DoubleType, Group.STATISTICS),
  ZEROS(DataTypes.LongType, Group.STATISTICS),
  NONFINITE(DataTypes.LongType, Group.STATISTICS),
  FIRST(DataTypes.LongType, Group.VALUES),
  VALUES(DataTypes.createArrayType(DataTypes.FloatType, false), Group.VALUES);

  /** What has to be read for it. */
  enum Group {
    /** Headers of files, which are read when the table is opened. */
    HEADER,
    /** The tensor's bytes; one row for each tensor. */
    STATISTICS,
    /** The tensor's bytes; one row for each chunk of it. */
    VALUES
  }

  private final DataType type;
  private final Group group;
  private final Function<TensorRow, Object> ofHeader;

  Column(DataType type, Group group, Function<TensorRow, Object> ofHeader) {
    this.type = type;
    this.group = group;
    this.ofHeader = ofHeader;
  }

  Column(DataType type, Group group) {
    this(type, group, row -> null);
  }

  Group group() {
    return group;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its value by the header alone, as Java has it; null where there is none. */
  Object of(TensorRow row) {
    return ofHeader.apply(row);
  }

  static Optional<Column> named(String word) {
    return Arrays.stream(values()).filter(column -> column.word().equals(word)).findFirst();
  }

  /** Columns of a table in which these groups are. */
  static StructType schema(List<Group> groups) {
    return new StructType(
        Arrays.stream(values())
            .filter(column -> groups.contains(column.group))
            .map(Column::field)
            .toArray(StructField[]::new));
  }

  private StructField field() {
    boolean isNullable = group == Group.STATISTICS || List.of(STACK, LAYER, VALUES).contains(this);
    return DataTypes.createStructField(word(), type, isNullable);
  }
}
