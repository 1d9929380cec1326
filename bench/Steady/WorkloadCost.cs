// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Isthmus.Steady;

/// <summary>A workload and what it cost.</summary>
internal sealed record WorkloadCost(string Name, string Call, Measurement Cost);

[JsonSerializable(typeof(List<WorkloadCost>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CostJson : JsonSerializerContext;
