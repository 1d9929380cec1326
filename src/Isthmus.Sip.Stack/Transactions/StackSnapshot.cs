// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What is alive in a stack at one moment. All zero some time after the last message, or something leaks.</summary>
/// <param name="ServerTransactions">Server transactions, lingering ones included.</param>
/// <param name="ClientTransactions">Client transactions, lingering ones included.</param>
/// <param name="Remembered">Answered ones of which only what a retransmission needs is left (<see cref="SipStackOptions.PoolTransactions"/>).</param>
/// <param name="Pending">Transactions that wait for a final response or for the ACK to one.</param>
/// <param name="Waiting">Events that wait for the owner of their conversation.</param>
/// <param name="Timers">Timers that wait on the stack's wheel, those of its user included.</param>
/// <param name="Connections">Stream connections; they stay for reuse until they have been idle for <see cref="TransportOptions.ConnectionIdle"/>.</param>
public readonly record struct StackSnapshot(int ServerTransactions, int ClientTransactions, int Remembered, int Pending, int Waiting, int Timers, int Connections);
