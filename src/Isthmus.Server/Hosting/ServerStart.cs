// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>How starting a server ended.</summary>
/// <param name="Server">The running server; null when it could not start.</param>
/// <param name="Problems">One clear line for each thing that went wrong; with a server these are warnings.</param>
public sealed record ServerStart(IsthmusServer? Server, IReadOnlyList<string> Problems);
