// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;

namespace Isthmus.Server;

/// <summary>A domain that the server is responsible for.</summary>
public sealed record DomainOptions
{
    /// <summary>The name in its addresses-of-record: a host name or an IP address.</summary>
    public string Name { get; init; } = "";

    /// <summary>Other names for it: <c>alice@alias</c> is <c>alice@name</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The judge method for calls to this domain; null: the server's.</summary>
    public JudgeMethod? Judge { get; init; }
}
