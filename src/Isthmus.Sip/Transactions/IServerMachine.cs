// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A server transaction as a pure machine: it holds no message and no clock, it only says what to do.</summary>
public interface IServerMachine
{
    /// <summary>The present state.</summary>
    TransactionState State { get; }

    /// <summary>Takes one event. Events that mean nothing in the present state have no effects; none is refused.</summary>
    TransactionEffects On(ServerEvent happened);

    /// <summary>Begins anew, for another transaction.</summary>
    /// <param name="isReliable">Whether its transport is reliable.</param>
    void Reset(bool isReliable);
}
