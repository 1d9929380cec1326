// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>What a PUBLISH asks for (RFC 3903 §4).</summary>
/// <param name="Match">The entity tag of what is there; zero: of nothing; null: a new publication.</param>
/// <param name="Seconds">How long; 0: not any more.</param>
internal readonly record struct PublishQuestion(ulong? Match, int Seconds)
{
    /// <summary>What its body says; null: it has none, and the state is as it is.</summary>
    public object? State { get; init; }

    /// <summary>The octets of its body.</summary>
    public int Length { get; init; }
}
