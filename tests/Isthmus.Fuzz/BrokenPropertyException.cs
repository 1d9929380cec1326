// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Fuzz;

/// <summary>A property that an input broke.</summary>
internal sealed class BrokenPropertyException(string property) : Exception(property);
