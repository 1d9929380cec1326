// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Asks DNS. Keeps nothing, and follows no aliases beyond what the resolver does.</summary>
public interface IDnsClient
{
    /// <summary>Asks one question. Failure is a status, not an exception.</summary>
    /// <param name="name">An ASCII name without the point at its end.</param>
    /// <param name="type">What is asked for.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<DnsReply> QueryAsync(string name, DnsType type, CancellationToken cancellationToken);
}
