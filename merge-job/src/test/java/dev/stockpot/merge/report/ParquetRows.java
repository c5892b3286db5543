package dev.stockpot.merge.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** Reads Parquet with Parquet's own library, as Spark does. */
public final class ParquetRows {
  private ParquetRows() {}

  /** The rows of a file: text by the name of the column, columns without a value left out. */
  public static List<Map<String, String>> of(Path file) throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    try (ParquetReader<Group> reader = new Builder(new LocalInputFile(file)).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < group.getType().getFieldCount(); i++) {
          if (group.getFieldRepetitionCount(i) > 0) {
            row.put(group.getType().getFieldName(i), group.getValueToString(i, 0));
          }
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
