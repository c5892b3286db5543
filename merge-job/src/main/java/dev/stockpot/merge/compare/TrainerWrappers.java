package dev.stockpot.merge.compare;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of tensors without the modules that trainers of PyTorch put around those of a model: {@code
 * torch.compile}, FSDP, recomputed activations. Their words stand in front of a name, or anywhere
 * within it, and mean nothing to whoever loads the tensors.
 *
 * @param plain names by what is left of them, in their order
 * @param words of wrappers that occur
 */
public record TrainerWrappers(Map<String, String> plain, SortedSet<String> words) {
  private static final Pattern WORD =
      Pattern.compile(
          "(?<=^|\\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module|_fpw_module|_forward_module)\\.");

  public TrainerWrappers {
    plain = Collections.unmodifiableMap(new LinkedHashMap<>(plain));
    words = Collections.unmodifiableSortedSet(new TreeSet<>(words));
  }

  /** Those in a model's names; empty where two tensors would have one name without them. */
  public static Optional<TrainerWrappers> in(Collection<String> names) {
    Map<String, String> plain = new LinkedHashMap<>();
    SortedSet<String> words = new TreeSet<>();
    for (String name : names) {
      Matcher word = WORD.matcher(name);
      while (word.find()) {
        words.add(word.group(1));
      }
      if (plain.put(word.replaceAll(""), name) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new TrainerWrappers(plain, words));
  }
}
