package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a {@code tokenizer.json} with fewer tokens, or with more. Lists that change are written
 * anew, of entries as they were; all else is copied.
 */
final class TokenizerWriter implements TokenizerScan.Listener {
  private final TokenizerFile.Tokens tokens;
  private final Set<String> dropped;
  private final Map<TokenizerScan.Part, List<TokenizerScan.Extent>> kept =
      new EnumMap<>(TokenizerScan.Part.class);
  private final Map<TokenizerScan.Part, TokenizerScan.Extent> whole =
      new EnumMap<>(TokenizerScan.Part.class);

  private TokenizerWriter(TokenizerFile.Tokens tokens, Set<String> dropped) {
    this.tokens = tokens;
    this.dropped = dropped;
    for (TokenizerScan.Part part : TokenizerScan.Part.values()) {
      kept.put(part, new ArrayList<>());
    }
  }

  static byte[] write(TokenizerFile file, int keptTokens, List<AddedToken> appended) {
    List<String> all = file.tokens().all();
    TokenizerWriter writer =
        new TokenizerWriter(file.tokens(), new HashSet<>(all.subList(keptTokens, all.size())));
    try {
      TokenizerScan.of(file.text(), writer);
    } catch (JsonException e) {
      throw new IllegalStateException("it was read before", e);
    }
    return writer.changed(file, keptTokens, appended);
  }

  private void keepUnless(boolean isDropped, TokenizerScan.Part part, TokenizerScan.Extent at) {
    if (!isDropped) {
      kept.get(part).add(at);
    }
  }

  @Override
  public void added(JsonObject token, TokenizerScan.Extent at) {
    keepUnless(dropped.contains(token.text("content")), TokenizerScan.Part.ADDED, at);
  }

  @Override
  public void piece(String token, long id, TokenizerScan.Extent at) {
    keepUnless(dropped.contains(token), TokenizerScan.Part.VOCABULARY, at);
  }

  /** A merge needs both sides and what comes of them: loaders refuse the file otherwise. */
  @Override
  public void merge(String left, String right, TokenizerScan.Extent at) {
    String joined =
        left
            + (right.startsWith(tokens.prefix())
                ? right.substring(tokens.prefix().length())
                : right);
    boolean isDropped =
        !dropped.isEmpty()
            && (dropped.contains(left) || dropped.contains(right) || dropped.contains(joined));
    keepUnless(isDropped, TokenizerScan.Part.MERGES, at);
  }

  @Override
  public void end(TokenizerScan.Part part, TokenizerScan.Extent at) {
    whole.put(part, at);
  }

  private byte[] changed(TokenizerFile file, int keptTokens, List<AddedToken> appended) {
    List<TokenizerScan.Part> inOrder =
        whole.keySet().stream()
            .filter(part -> part == TokenizerScan.Part.ADDED || !dropped.isEmpty())
            .sorted((a, b) -> Integer.compare(whole.get(a).begin(), whole.get(b).begin()))
            .toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.text().length);
    int done = 0;
    if (!whole.containsKey(TokenizerScan.Part.ADDED) && !appended.isEmpty()) {
      done = 1 + new String(file.text(), UTF_8).indexOf('{'); // in ASCII, so a byte too
      copy(file, 0, done, out);
      out.writeBytes("\n  \"added_tokens\": [".getBytes(UTF_8));
      list(entries(keptTokens, appended), out);
      out.writeBytes("],".getBytes(UTF_8));
    }
    for (TokenizerScan.Part part : inOrder) {
      TokenizerScan.Extent at = whole.get(part);
      copy(file, done, at.begin() + 1, out); // with the bracket
      List<byte[]> entries = new ArrayList<>();
      kept.get(part).forEach(entry -> entries.add(slice(file, entry)));
      if (part == TokenizerScan.Part.ADDED) {
        entries.addAll(entries(keptTokens, appended));
      }
      list(entries, out);
      done = at.end() - 1;
    }
    copy(file, done, file.text().length, out);
    return out.toByteArray();
  }

  private static byte[] slice(TokenizerFile file, TokenizerScan.Extent at) {
    return Arrays.copyOfRange(file.text(), at.begin(), at.end());
  }

  private static List<byte[]> entries(int first, List<AddedToken> appended) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < appended.size(); i++) {
      entries.add(entry(appended.get(i), first + i));
    }
    return entries;
  }

  private static byte[] entry(AddedToken token, int id) {
    String indented = JsonWriter.text(JsonStyle.PYTHON, token.json(id)).replace("\n", "\n    ");
    return indented.getBytes(UTF_8);
  }

  private static void list(List<byte[]> entries, ByteArrayOutputStream out) {
    String separator = "\n    ";
    for (byte[] entry : entries) {
      out.writeBytes(separator.getBytes(UTF_8));
      out.writeBytes(entry);
      separator = ",\n    ";
    }
    if (!entries.isEmpty()) {
      out.writeBytes("\n  ".getBytes(UTF_8));
    }
  }

  private static void copy(TokenizerFile file, int begin, int end, ByteArrayOutputStream out) {
    out.write(file.text(), begin, end - begin);
  }
}
