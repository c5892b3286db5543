// Natives that look at many rows: choosing, sorting, searching, adding up.
#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "host.hpp"

using namespace host;

#define NATIVE(result, name) extern "C" JNIEXPORT result JNICALL Java_ai_rapids_cudf_##name

namespace {

// cudf's numbers of aggregations.
constexpr int SUM = 0, MAX = 3;

jlongArray handles(JNIEnv* env, jlong handle) {
  jlongArray array = env->NewLongArray(1);
  env->SetLongArrayRegion(array, 0, 1, &handle);
  return array;
}

View only_column(jlong handle) {
  Table& of = table(handle);
  require(of.columns.size() == 1, "tables of several columns are not modelled");
  return of.columns[0];
}

// Keys that order like the column's elements.
std::vector<uint64_t> unsigned_keys(const View& of) {
  std::vector<uint64_t> keys(of.rows);
  with_type(of.type, [&](auto it) {
    using T = decltype(it);
    if constexpr (std::is_unsigned_v<T> && !std::is_same_v<T, bool>) {
      for (int64_t i = 0; i < of.rows; i++) keys[i] = reinterpret_cast<const T*>(of.data)[i];
    } else {
      throw std::logic_error("keys of this type are not modelled");
    }
    return 0;
  });
  return keys;
}

jlong gathered(const View& source, const std::vector<uint64_t>& places) {
  int size = size_of(source.type);
  Made made(source.type, places.size());
  for (size_t i = 0; i < places.size(); i++) {
    require(places[i] < static_cast<uint64_t>(source.rows), "gathered from outside of a column");
    std::memcpy(made.data + i * size, source.data + places[i] * size, size);
  }
  return made.handle();
}

std::vector<uint64_t> sorted_places(const View& of) {
  std::vector<uint64_t> keys = unsigned_keys(of);
  std::vector<uint64_t> places(keys.size());
  std::iota(places.begin(), places.end(), 0);
  std::stable_sort(places.begin(), places.end(), [&](uint64_t a, uint64_t b) { return keys[a] < keys[b]; });
  return places;
}

int64_t count(const View& mask, int64_t begin, int64_t end) {
  require(mask.type == BOOL8, "only masks are added up");
  return std::accumulate(mask.data + begin, mask.data + end, int64_t{0});
}

float largest(const View& of, int64_t begin, int64_t end) {
  auto* values = reinterpret_cast<const float*>(of.data);
  float most = -std::numeric_limits<float>::infinity();
  for (int64_t i = begin; i < end; i++) most = std::max(most, values[i]);
  return most;
}

}  // namespace

NATIVE(jlongArray, Table_repeatStaticCount)(JNIEnv* env, jclass, jlong from, jint times) {
  return guarded(env, [&]() -> jlongArray {
    operation();
    View source = only_column(from);
    std::vector<uint64_t> places(static_cast<size_t>(source.rows) * times);
    for (size_t i = 0; i < places.size(); i++) places[i] = i / times;
    return handles(env, gathered(source, places));
  });
}

NATIVE(jlongArray, Table_gather)(JNIEnv* env, jclass, jlong from, jlong map, jboolean checks) {
  return guarded(env, [&]() -> jlongArray {
    operation();
    require(!checks, "gather with nulls for what is out of bounds is not modelled");
    return handles(env, gathered(only_column(from), unsigned_keys(view(map))));
  });
}

NATIVE(jlongArray, Table_scatterTable)(JNIEnv* env, jclass, jlong from, jlong map, jlong into) {
  return guarded(env, [&]() -> jlongArray {
    operation();
    View source = only_column(from);
    View target = only_column(into);
    std::vector<uint64_t> places = unsigned_keys(view(map));
    require(source.type == target.type && places.size() <= static_cast<size_t>(source.rows),
            "scattered into another type");
    Made made(target.type, target.rows);
    int64_t bytes = size_of(target.type);
    std::memcpy(made.data, target.data, target.rows * bytes);
    for (size_t i = 0; i < places.size(); i++) {
      require(places[i] < static_cast<uint64_t>(target.rows), "scattered outside of a column");
      std::memcpy(made.data + places[i] * bytes, source.data + i * bytes, bytes);
    }
    return handles(env, made.handle());
  });
}

NATIVE(jlongArray, Table_filter)(JNIEnv* env, jclass, jlong from, jlong mask) {
  return guarded(env, [&]() -> jlongArray {
    operation();
    View source = only_column(from);
    View wanted = view(mask);
    require(wanted.type == BOOL8 && wanted.rows == source.rows, "a filter by no mask, or one of another length");
    std::vector<uint64_t> places;
    for (int64_t i = 0; i < wanted.rows; i++) {
      if (wanted.data[i] != 0) places.push_back(i);
    }
    return handles(env, gathered(source, places));
  });
}

NATIVE(jlongArray, Table_orderBy)
(JNIEnv* env, jclass, jlong from, jlongArray keys, jbooleanArray descending, jbooleanArray) {
  return guarded(env, [&]() -> jlongArray {
    operation();
    jlong key;
    jboolean down;
    require(env->GetArrayLength(keys) == 1, "a sort by several columns is not modelled");
    env->GetLongArrayRegion(keys, 0, 1, &key);
    env->GetBooleanArrayRegion(descending, 0, 1, &down);
    require(!down, "a descending sort is not modelled");
    return handles(env, gathered(only_column(from), sorted_places(view(key))));
  });
}

NATIVE(jlong, Table_bound)
(JNIEnv* env, jclass, jlong sorted, jlong wanted, jbooleanArray descending, jbooleanArray, jboolean is_upper) {
  return guarded(env, [&]() -> jlong {
    operation();
    jboolean down;
    env->GetBooleanArrayRegion(descending, 0, 1, &down);
    require(!down && is_upper, "only upper bounds of what ascends are modelled");
    require(only_column(sorted).type == only_column(wanted).type, "searched for numbers of another type");
    std::vector<uint64_t> keys = unsigned_keys(only_column(sorted));
    require(std::is_sorted(keys.begin(), keys.end()), "searched in what is not sorted");
    std::vector<uint64_t> values = unsigned_keys(only_column(wanted));
    Made made(INT32, values.size());
    for (size_t i = 0; i < values.size(); i++) {
      made.as<int32_t>()[i] = std::upper_bound(keys.begin(), keys.end(), values[i]) - keys.begin();
    }
    return made.handle();
  });
}

NATIVE(jlong, Aggregation_createNoParamAgg)(JNIEnv* env, jclass, jint kind) {
  return guarded(env, [&]() -> jlong {
    require(kind == SUM || kind == MAX, "only sums and maxima are modelled");
    return kind + 1;
  });
}
NATIVE(void, Aggregation_close)(JNIEnv*, jclass, jlong) {}

NATIVE(jlong, ColumnView_reduce)(JNIEnv* env, jclass, jlong from, jlong, jint type, jint) {
  return guarded(env, [&]() -> jlong {
    operation();
    require(type == INT64, "sums of other types are not modelled");
    View mask = view(from);
    require(mask.rows > 0, "the sum of nothing is null");
    int64_t sum = count(mask, 0, mask.rows);
    return new_scalar(INT64, &sum);
  });
}

NATIVE(jlong, ColumnView_segmentedReduce)
(JNIEnv* env, jclass, jlong from, jlong offsets, jlong aggregation, jboolean, jint type, jint) {
  return guarded(env, [&]() -> jlong {
    operation();
    View ends = view(offsets);
    View of = view(from);
    bool sums = aggregation == SUM + 1;
    require(sums ? type == INT64 : type == FLOAT32 && of.type == FLOAT32,
            "sums of masks and maxima of floats are modelled");
    require(ends.type == INT32 && ends.rows > 0, "segments without INT32 offsets");
    auto* bounds = reinterpret_cast<const int32_t*>(ends.data);
    Made made(type, ends.rows - 1);
    for (int64_t i = 0; i + 1 < ends.rows; i++) {
      require(0 <= bounds[i] && bounds[i] <= bounds[i + 1] && bounds[i + 1] <= of.rows, "segments out of bounds");
      if (sums) {
        made.as<int64_t>()[i] = count(of, bounds[i], bounds[i + 1]);
      } else {
        made.as<float>()[i] = largest(of, bounds[i], bounds[i + 1]);
      }
    }
    return made.handle();
  });
}
