// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>Why a body is not a document of its type that can be read.</summary>
/// <param name="Line">The line at fault, from 1; 0 when the body as a whole is.</param>
/// <param name="Reason">What is wrong, for a log line or a reason phrase; it never repeats the input.</param>
public sealed record BodyFault(int Line, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Reason : $"line {Line}: {Reason}";
}
