package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A round that was published: what {@code state/state.json} beside its model says.
 *
 * @param folder of the model
 * @param state what the file says
 */
public record EarlierRound(Location folder, JsonObject state) {
  private static final int MOST_BYTES = 64 << 20;

  public EarlierRound {
    requireNonNull(folder, "folder is null");
    requireNonNull(state, "state is null");
  }

  /**
   * The round that made a model; nothing if none did.
   *
   * @throws UserException if the file is damaged, or of another output than its manifest
   */
  public static Optional<EarlierRound> in(ObjectSource store, Location folder) throws IOException {
    Location place = folder.descendant(RoundState.FILE);
    Optional<StoredObject> found = store.find(place);
    if (found.isEmpty() || found.get().size() > MOST_BYTES) {
      return Optional.empty();
    }
    byte[] text = found.get().read(store);
    JsonObject manifest = Manifest.in(store, folder).orElse(JsonObject.EMPTY);
    String listed =
        Optional.ofNullable(ListedFile.in(manifest).get(RoundState.FILE))
            .map(ListedFile::sha256)
            .orElse("");
    if (!listed.equals(Sha256.of(ByteBuffer.wrap(text)))) {
      throw new UserException(
          "%s does not belong to the model beside it: the manifest there lists another (SHA-256 %s). Take model and state of one round"
              .formatted(place, listed.isEmpty() ? "none" : listed));
    }
    new StateSample(store, folder, manifest).require();
    try {
      return Optional.of(
          new EarlierRound(folder, Json.parse(text).object().orElse(JsonObject.EMPTY)));
    } catch (JsonException e) {
      throw new UserException("%s is no JSON. Take that of the round".formatted(place), e);
    }
  }

  /** Which round it was. */
  public int number() {
    return state.integer("round").orElse(0);
  }

  /** The rule that it followed. */
  public String strategy() {
    return state.text("strategy");
  }

  /** The checksum of its model's tensors. */
  String model() {
    return state.text("model");
  }

  /** Numbers that the next round begins with, by the parameter's name. */
  public Map<String, Double> carried() {
    Map<String, Double> numbers = new HashMap<>();
    state
        .object("carried")
        .orElse(JsonObject.EMPTY)
        .fields()
        .forEach((name, value) -> value.number().ifPresent(number -> numbers.put(name, number)));
    return numbers;
  }

  /** What kinds of state it left. */
  public List<String> kinds() {
    return state.objects("states").stream().map(kind -> kind.text("name")).toList();
  }

  /**
   * Refuses a model and a state that are not those that the round left.
   *
   * @param found what they are
   * @throws UserException if they are others
   */
  public void require(Judgement found) {
    List<String> faults = new ArrayList<>();
    if (!model().equals(RoundState.digits(found.base()))) {
      faults.add("its tensors have the checksum %s".formatted(RoundState.digits(found.base())));
    }
    List<JsonObject> states = state.objects("states");
    for (int i = 0; i < Math.min(states.size(), found.states().size()); i++) {
      String now = RoundState.digits(found.states().get(i));
      if (!states.get(i).text("checksum").equals(now)) {
        faults.add("%s has the checksum %s".formatted(states.get(i).text("name"), now));
      }
    }
    if (!faults.isEmpty()) {
      throw new UserException(
          "%s is not what round %s left: %s, which %s does not list. Take model and state of one round"
              .formatted(folder, number(), String.join(", ", faults), RoundState.FILE));
    }
  }
}
