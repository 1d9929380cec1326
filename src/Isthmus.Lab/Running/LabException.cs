// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>A run that cannot go on, with the reason in one line.</summary>
public sealed class LabException(string message) : Exception(message);
