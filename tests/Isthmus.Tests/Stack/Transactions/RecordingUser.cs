// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>A transaction user of every kind that writes down what it hears, and does what a test wants.</summary>
internal sealed class RecordingUser : ITransactionUser, IClientTransactionUser, IServerTransactionUser
{
    /// <summary>What happened, in order, for example <c>request INVITE</c>, <c>200</c>, <c>timeout</c>, <c>end</c>.</summary>
    public List<string> Heard { get; } = [];

    public List<ServerTransaction> Requests { get; } = [];

    public List<SipResponse> Responses { get; } = [];

    public List<Flow> ReturnFlows { get; } = [];

    public Action<ServerTransaction>? Serve { get; set; }

    public Action<ServerTransaction>? Cancelled { get; set; }

    public Action<ReceivedRequest>? Acknowledged { get; set; }

    public Action<ClientTransaction, SipResponse>? Answered { get; set; }

    public void OnRequest(ServerTransaction transaction)
    {
        transaction.Attach(this);
        Requests.Add(transaction);
        Heard.Add($"request {transaction.Method}");
        Serve?.Invoke(transaction);
    }

    public void OnAck(ReceivedRequest ack)
    {
        Heard.Add("ack");
        Acknowledged?.Invoke(ack);
    }

    public void OnCancel(ServerTransaction invite, ReceivedRequest cancel)
    {
        Heard.Add("cancel");
        Cancelled?.Invoke(invite);
    }

    public void OnSuccessAgain(ReceivedResponse success, Flow returnFlow)
    {
        Heard.Add($"{success.Message.StatusCode} again");
        ReturnFlows.Add(returnFlow);
    }

    public void OnResponse(ReceivedResponse stray) => Heard.Add($"stray {stray.Message.StatusCode}");

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        Heard.Add($"{response.StatusCode}");
        Responses.Add(response);
        Answered?.Invoke(transaction, response);
    }

    public void OnTimeout(ClientTransaction transaction) => Heard.Add("timeout");

    public void OnTransportError(ClientTransaction transaction, SocketError? error) => Heard.Add($"error {error}");

    public void OnWayLost(ClientTransaction transaction, Target target, SocketError? error) => Heard.Add($"lost {target.EndPoint} {error}");

    public void OnTerminated(ClientTransaction transaction) => Heard.Add("end");

    void IServerTransactionUser.OnTerminated(ServerTransaction transaction) => Heard.Add("end");

    void IServerTransactionUser.OnNoAck(ServerTransaction transaction) => Heard.Add("no ack");

    void IServerTransactionUser.OnTransportError(ServerTransaction transaction, SocketError? error) => Heard.Add($"error {error}");
}
