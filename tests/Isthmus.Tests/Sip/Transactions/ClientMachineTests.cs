// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using static Isthmus.Sip.ClientEvent;
using static Isthmus.Sip.TransactionState;

namespace Isthmus.Tests.Sip.Transactions;

public sealed class ClientMachineTests
{
    private const string InviteBoth = """
        Initial    Start             -> Calling    SendRequest {A}B=32000
        Calling    Provisional       -> Proceeding Deliver StopRetransmission StopExpiry
        Calling    Success           -> Accepted   Deliver StopRetransmission M=32000
        Calling    TransportError    -> Terminated ReportTransportError Terminate
        Calling    RetransmissionDue -> Calling    SendRequest A=1000
        Calling    ExpiryDue         -> Terminated ReportTimeout Terminate
        Proceeding Provisional       -> Proceeding Deliver
        Proceeding Success           -> Accepted   Deliver StopRetransmission M=32000
        Proceeding Cancel            -> Proceeding Cancelled=32000
        Proceeding ExpiryDue         -> Terminated ReportTimeout Terminate
        Accepted   Success           -> Accepted   Deliver
        Accepted   ExpiryDue         -> Terminated Terminate
        """;

    private static Dictionary<TransactionState, ClientEvent[]> InviteWays => new()
    {
        [Initial] = [],
        [Calling] = [Start],
        [Proceeding] = [Start, Provisional],
        [Accepted] = [Start, Provisional, Success],
        [Terminated] = [Start, TransportError],
    };

    [Fact]
    public void Invite_Unreliable_FollowsRfc6026Figure5()
    {
        var ways = InviteWays;
        ways[Completed] = [Start, Failure];
        MachineTable.Check(
            InviteBoth.Replace("{A}", "A=500 ", StringComparison.Ordinal) + """

            Calling    Failure        -> Completed  SendAck Deliver StopRetransmission D=32000
            Proceeding Failure        -> Completed  SendAck Deliver StopRetransmission D=32000
            Completed  Failure        -> Completed  SendAck
            Completed  TransportError -> Terminated ReportTransportError Terminate
            Completed  ExpiryDue      -> Terminated Terminate
            """,
            ways,
            () => Of(new ClientInviteMachine(TransactionTimes.Default, reliable: false)));
    }

    [Fact]
    public void Invite_Reliable_NeitherRetransmitsNorLingers()
    {
        MachineTable.Check(
            InviteBoth.Replace("{A}", "", StringComparison.Ordinal) + """

            Calling    Failure -> Terminated SendAck Deliver Terminate
            Proceeding Failure -> Terminated SendAck Deliver Terminate
            """,
            InviteWays,
            () => Of(new ClientInviteMachine(TransactionTimes.Default, reliable: true)));
    }

    [Fact]
    public void NonInvite_Unreliable_FollowsFigure6()
    {
        MachineTable.Check(
            """
            Initial    Start             -> Trying     SendRequest E=500 F=32000
            Trying     Provisional       -> Proceeding Deliver
            Trying     Success           -> Completed  Deliver StopRetransmission K=5000
            Trying     Failure           -> Completed  Deliver StopRetransmission K=5000
            Trying     TransportError    -> Terminated ReportTransportError Terminate
            Trying     RetransmissionDue -> Trying     SendRequest E=1000
            Trying     ExpiryDue         -> Terminated ReportTimeout Terminate
            Proceeding Provisional       -> Proceeding Deliver
            Proceeding Success           -> Completed  Deliver StopRetransmission K=5000
            Proceeding Failure           -> Completed  Deliver StopRetransmission K=5000
            Proceeding TransportError    -> Terminated ReportTransportError Terminate
            Proceeding RetransmissionDue -> Proceeding SendRequest E=4000
            Proceeding ExpiryDue         -> Terminated ReportTimeout Terminate
            Completed  ExpiryDue         -> Terminated Terminate
            """,
            new Dictionary<TransactionState, ClientEvent[]>
            {
                [Initial] = [],
                [Trying] = [Start],
                [Proceeding] = [Start, Provisional],
                [Completed] = [Start, Success],
                [Terminated] = [Start, ExpiryDue],
            },
            () => Of(new ClientNonInviteMachine(TransactionTimes.Default, reliable: false)));
    }

    [Fact]
    public void NonInvite_Reliable_EndsWithTheFinalResponse()
    {
        var machine = new ClientNonInviteMachine(TransactionTimes.Default, reliable: true);

        Assert.Equal(new(TransactionActions.SendRequest, default, new(TransactionTimer.F, TimeSpan.FromSeconds(32))), machine.On(Start));
        Assert.Equal(new(TransactionActions.Deliver | TransactionActions.Terminate), machine.On(Success));
        Assert.Equal(Terminated, machine.State);
    }

    [Fact]
    public void Invite_TimerA_DoublesWithoutCap()
    {
        var machine = new ClientInviteMachine(TransactionTimes.Default, reliable: false);
        var intervals = new List<double> { machine.On(Start).Retransmission.Due.TotalSeconds };
        for (var i = 0; i < 5; i++)
        {
            intervals.Add(machine.On(RetransmissionDue).Retransmission.Due.TotalSeconds);
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16], intervals);
    }

    [Fact]
    public void NonInvite_TimerE_DoublesUpToT2()
    {
        var machine = new ClientNonInviteMachine(TransactionTimes.Default, reliable: false);
        var intervals = new List<double> { machine.On(Start).Retransmission.Due.TotalSeconds };
        for (var i = 0; i < 5; i++)
        {
            intervals.Add(machine.On(RetransmissionDue).Retransmission.Due.TotalSeconds);
        }

        Assert.Equal([0.5, 1, 2, 4, 4, 4], intervals);
    }

    [Fact]
    public void TimerD_ShortT1_IsNotBelow32Seconds()
    {
        var times = new TransactionTimes { T1 = TimeSpan.FromMilliseconds(10) };
        var machine = new ClientInviteMachine(times, reliable: false);
        machine.On(Start);

        Assert.Equal(TimeSpan.FromSeconds(32), machine.On(Failure).Expiry.Due);
    }

    internal static (Func<ClientEvent, TransactionEffects>, Func<TransactionState>) Of(IClientMachine machine) => (machine.On, () => machine.State);
}
