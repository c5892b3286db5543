package dev.stockpot.merge.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** A table as a Parquet file in memory, by the library that Spark has. */
final class ParquetFile {
  private ParquetFile() {}

  /** Uncompressed: the files are small, and codecs are native libraries. */
  static ByteBuffer of(Table table) {
    MessageType schema = schema(table.columns());
    Memory file = new Memory();
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(file)
            .withType(schema)
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (List<Object> row : table.rows()) {
        writer.write(group(schema, row));
      }
    } catch (IOException e) {
      throw new IllegalStateException("a file in memory could not be written", e);
    }
    return ByteBuffer.wrap(file.bytes.toByteArray());
  }

  private static MessageType schema(List<Table.Column> columns) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (Table.Column column : columns) {
      switch (column.type()) {
        case TEXT ->
            schema
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(column.name());
        case INTEGER -> schema.optional(PrimitiveTypeName.INT32).named(column.name());
        case LONG -> schema.optional(PrimitiveTypeName.INT64).named(column.name());
        case REAL -> schema.optional(PrimitiveTypeName.DOUBLE).named(column.name());
      }
    }
    return schema.named("report");
  }

  private static Group group(MessageType schema, List<Object> row) {
    Group group = new SimpleGroup(schema);
    for (int i = 0; i < row.size(); i++) {
      Object cell = row.get(i);
      if (cell instanceof String text) {
        group.add(i, text);
      } else if (cell instanceof Integer number) {
        group.add(i, number);
      } else if (cell instanceof Long number) {
        group.add(i, number);
      } else if (cell instanceof Double number) {
        group.add(i, number);
      }
    }
    return group;
  }

  /** Where the library writes to. */
  private static final class Memory implements OutputFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return bytes.size();
        }

        @Override
        public void write(int b) {
          bytes.write(b);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
          bytes.write(from, offset, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      bytes.reset();
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
