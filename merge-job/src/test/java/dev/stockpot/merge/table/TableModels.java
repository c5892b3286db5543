package dev.stockpot.merge.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a checkpoint of two layers in two files, byte by byte. */
final class TableModels {
  private TableModels() {}

  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"), "{\"model_type\": \"llama\", \"num_hidden_layers\": 2}");
    file(
        folder.resolve("model-00001-of-00002.safetensors"),
        "{\"model.layers.0.mlp.up_proj.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"model.norm.weight\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}",
        ByteBuffer.allocate(32)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(1)
            .putFloat(-2)
            .putFloat(0)
            .putFloat(3)
            .putFloat(Float.NaN)
            .putFloat(2)
            .putShort((short) 0x3f80)
            .putShort((short) 0x3f80)
            .putShort((short) 0x4000)
            .putShort((short) 0));
    file(
        folder.resolve("model-00002-of-00002.safetensors"),
        "{\"model.layers.1.mlp.up_proj.weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"position_ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]}}",
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putFloat(5).putFloat(6).putLong(7));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {"
            + "\"model.layers.0.mlp.up_proj.weight\": \"model-00001-of-00002.safetensors\","
            + "\"model.norm.weight\": \"model-00001-of-00002.safetensors\","
            + "\"model.layers.1.mlp.up_proj.weight\": \"model-00002-of-00002.safetensors\","
            + "\"position_ids\": \"model-00002-of-00002.safetensors\"}}");
    return folder;
  }

  /** One whose only weight is codes of FP8, which its scale makes numbers of. */
  static Path writeCodes(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), "{}");
    file(
        folder.resolve("model.safetensors"),
        "{\"w.weight\":{\"dtype\":\"F8_E4M3\",\"shape\":[2,2],\"data_offsets\":[0,4]},"
            + "\"w.weight_scale\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(0x38383838).putFloat(8));
    return folder;
  }

  private static void file(Path place, String header, ByteBuffer data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file =
        FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(length.putLong(text.length).flip());
      file.write(ByteBuffer.wrap(text));
      file.write(data.flip());
    }
  }
}
