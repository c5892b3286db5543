package dev.stockpot.merge.spark.frames;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.PredictionRow;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;

/** Cells of tables as rows of predictions have them. */
final class Values {
  static final ArrayType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);
  static final ArrayType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType);

  private Values() {}

  /**
   * A list as float64, or as float32 if it is one, with NaN where it is empty: arrays of Java would
   * have 0 there. The question whether it holds NaN has no answer exactly if a cell is empty and
   * none is NaN; it costs much less than to look at each cell of each list.
   */
  static Column list(Column cells, DataType type) {
    boolean isFloat = isFloats(type);
    Object nan = isFloat ? (Object) Float.NaN : Double.NaN;
    Column numbers = isFloat ? cells : cells.cast(DOUBLES);
    Column filled = transform(numbers, cell -> coalesce(cell, lit(nan)));
    return when(array_contains(numbers, nan).equalTo(lit(false)), numbers)
        .when(numbers.isNotNull(), filled);
  }

  static boolean isFloats(DataType type) {
    return type instanceof ArrayType list && list.elementType().equals(DataTypes.FloatType);
  }

  /**
   * The place of the class that a label names.
   *
   * @param type of the label
   * @param classes by which text is looked up; whole numbers are places, unless all classes are
   *     called by such
   */
  static Column place(Column cell, DataType type, List<String> classes) {
    Column label = type instanceof BooleanType ? cell.cast("int") : cell;
    if (classes.isEmpty() && type instanceof IntegralType) { // much faster than by way of text
      Column isPlace = label.geq(0).and(label.lt(Integer.MAX_VALUE));
      return when(label.isNull(), lit(Block.UNKNOWN))
          .when(isPlace, label.cast("int"))
          .otherwise(PredictionRow.NO_CLASS);
    }
    return ofText(label.cast("string"), classes);
  }

  private static Column ofText(Column label, List<String> classes) {
    Column number = label.cast("double");
    Column isPlace =
        number.geq(0).and(number.lt(Integer.MAX_VALUE)).and(number.equalTo(number.cast("int")));
    Column place = when(isPlace, number.cast("int")).otherwise(PredictionRow.NO_CLASS);
    if (!classes.isEmpty()) {
      List<Column> entries = new ArrayList<>();
      for (int c = 0; c < classes.size(); c++) {
        entries.add(lit(classes.get(c)));
        entries.add(lit(c));
      }
      Column named = element_at(map(entries.toArray(Column[]::new)), label);
      boolean areNumbers = classes.stream().allMatch(name -> name.matches("\\d+"));
      place = coalesce(named, areNumbers ? lit(PredictionRow.NO_CLASS) : place);
    }
    return when(label.isNull(), lit(Block.UNKNOWN))
        .otherwise(coalesce(place, lit(PredictionRow.NO_CLASS)));
  }
}
