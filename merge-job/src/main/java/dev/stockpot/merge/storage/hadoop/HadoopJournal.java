package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.NameBeside;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FSDataOutputStream;

/** Small objects in a folder beside the output, {@code .out.stockpot-journal}. */
record HadoopJournal(HadoopFolder folder) {
  private static final NameBeside NAME = new NameBeside(".stockpot-journal");

  static HadoopJournal of(HadoopFolder output) {
    return new HadoopJournal(output.sibling(NAME.of(output.path().getName())));
  }

  /** The name of the output whose journal has that name. */
  static Optional<String> outputOf(String journal) {
    return NAME.output(journal);
  }

  private List<StoredObject> objects() throws IOException {
    try {
      return folder.list();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  Map<String, ByteBuffer> entries() throws IOException {
    Map<String, ByteBuffer> entries = new TreeMap<>();
    for (StoredObject object : objects()) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(object.size()));
      String name = object.location().name();
      try (RangeReader reader = folder.descendant(name).open(object)) {
        reader.read(0, content);
      }
      entries.put(name, content.flip());
    }
    return entries;
  }

  void write(String name, ByteBuffer entry) throws IOException {
    HadoopFolder object = folder.descendant(name);
    byte[] bytes = new byte[entry.remaining()];
    entry.get(bytes);
    try (FSDataOutputStream out =
        object.files().createFile(object.path()).overwrite(true).recursive().build()) {
      out.write(bytes);
    } catch (IOException e) {
      throw HadoopFolder.explained(object.location(), e);
    }
  }

  /** Also of what a merge left whose lock was deleted by hand. */
  void delete() throws IOException {
    List<HadoopFolder> entries = new ArrayList<>();
    for (StoredObject object : objects()) {
      entries.add(folder.descendant(object.location().name()));
    }
    for (HadoopFolder entry : entries) {
      entry.delete();
    }
    if (!folder.isS3()) { // elsewhere a folder outlives what is in it
      folder.files().delete(folder.path(), false);
    }
  }
}
