// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using static Isthmus.Sip.ServerEvent;
using static Isthmus.Sip.TransactionState;

namespace Isthmus.Tests.Sip.Transactions;

public sealed class ServerMachineTests
{
    private const string InviteBoth = """
        Initial    Start             -> Proceeding Deliver Trying=200
        Proceeding Request           -> Proceeding SendTrying StopRetransmission
        Proceeding RetransmissionDue -> Proceeding SendTrying StopRetransmission
        Proceeding Provisional       -> Proceeding SendResponse StopRetransmission
        Proceeding Success           -> Accepted   SendResponse StopRetransmission L=32000
        Proceeding TransportError    -> Proceeding ReportTransportError
        Accepted   Ack               -> Accepted   Deliver
        Accepted   Success           -> Accepted   SendResponse
        Accepted   TransportError    -> Accepted   ReportTransportError
        Accepted   ExpiryDue         -> Terminated Terminate
        Completed  Request           -> Completed  SendResponse
        Completed  TransportError    -> Completed  ReportTransportError
        Completed  RetransmissionDue -> Completed  SendResponse G=1000
        Completed  ExpiryDue         -> Terminated ReportTimeout Terminate
        """;

    private const string NonInviteBoth = """
        Initial    Start             -> Trying     Deliver Trying=3500 Abandoned=32000
        Trying     TransportError    -> Trying     ReportTransportError
        Trying     RetransmissionDue -> Proceeding SendTrying
        Trying     ExpiryDue         -> Terminated ReportTimeout Terminate
        Proceeding Request           -> Proceeding SendResponse
        Proceeding Provisional       -> Proceeding SendResponse
        Proceeding TransportError    -> Proceeding ReportTransportError
        Proceeding ExpiryDue         -> Terminated ReportTimeout Terminate
        """;

    private static Dictionary<TransactionState, ServerEvent[]> InviteWays => new()
    {
        [Initial] = [],
        [Proceeding] = [Start],
        [Accepted] = [Start, Success],
        [Completed] = [Start, Failure],
        [Terminated] = [Start, Success, ExpiryDue],
    };

    [Fact]
    public void Invite_Unreliable_FollowsRfc6026Figure7()
    {
        var ways = InviteWays;
        ways[Confirmed] = [Start, Failure, Ack];
        MachineTable.Check(
            InviteBoth + """

            Proceeding Failure        -> Completed  SendResponse G=500 H=32000
            Completed  Ack            -> Confirmed  StopRetransmission I=5000
            Confirmed  TransportError -> Confirmed  ReportTransportError
            Confirmed  ExpiryDue      -> Terminated Terminate
            """,
            ways,
            () => Of(new ServerInviteMachine(TransactionTimes.Default, reliable: false)));
    }

    [Fact]
    public void Invite_Reliable_SendsFinalOnceAndEndsWithAck()
    {
        MachineTable.Check(
            InviteBoth + """

            Proceeding Failure -> Completed  SendResponse StopRetransmission H=32000
            Completed  Ack     -> Terminated Terminate
            """,
            InviteWays,
            () => Of(new ServerInviteMachine(TransactionTimes.Default, reliable: true)));
    }

    [Fact]
    public void Invite_RequestAgainAfterProvisional_SendsThatProvisional()
    {
        var machine = new ServerInviteMachine(TransactionTimes.Default, reliable: false);
        machine.On(Start);
        machine.On(Provisional);

        Assert.Equal(new(TransactionActions.SendResponse), machine.On(Request));
        Assert.Equal(TransactionEffects.None, machine.On(RetransmissionDue));
    }

    [Fact]
    public void Invite_TryingAtOnce_SendsItBeforeTheUserHears()
    {
        var machine = new ServerInviteMachine(new TransactionTimes { TryingAfter = TimeSpan.Zero }, reliable: false);

        Assert.Equal(new(TransactionActions.SendTrying | TransactionActions.Deliver), machine.On(Start));
        Assert.Equal(new(TransactionActions.SendResponse), machine.On(Request));
    }

    [Fact]
    public void Invite_TimerG_DoublesUpToT2()
    {
        var machine = new ServerInviteMachine(TransactionTimes.Default, reliable: false);
        machine.On(Start);
        var intervals = new List<double> { machine.On(Failure).Retransmission.Due.TotalSeconds };
        for (var i = 0; i < 5; i++)
        {
            intervals.Add(machine.On(RetransmissionDue).Retransmission.Due.TotalSeconds);
        }

        Assert.Equal([0.5, 1, 2, 4, 4, 4], intervals);
    }

    [Fact]
    public void NonInvite_Unreliable_FollowsFigure8AndRfc4320()
    {
        MachineTable.Check(
            NonInviteBoth + """

            Trying     Success        -> Completed  SendResponse StopRetransmission J=32000
            Trying     Failure        -> Completed  SendResponse StopRetransmission J=32000
            Proceeding Success        -> Completed  SendResponse StopRetransmission J=32000
            Proceeding Failure        -> Completed  SendResponse StopRetransmission J=32000
            Completed  Request        -> Completed  SendResponse
            Completed  TransportError -> Completed  ReportTransportError
            Completed  ExpiryDue      -> Terminated Terminate
            """,
            new Dictionary<TransactionState, ServerEvent[]>
            {
                [Initial] = [],
                [Trying] = [Start],
                [Proceeding] = [Start, RetransmissionDue],
                [Completed] = [Start, Success],
                [Terminated] = [Start, ExpiryDue],
            },
            () => Of(new ServerNonInviteMachine(TransactionTimes.Default, reliable: false)));
    }

    [Fact]
    public void NonInvite_Reliable_MaySend100AtOnceAndEndsWithTheFinalResponse()
    {
        MachineTable.Check(
            NonInviteBoth + """

            Trying     Provisional -> Proceeding SendResponse StopRetransmission
            Trying     Success     -> Terminated SendResponse Terminate
            Trying     Failure     -> Terminated SendResponse Terminate
            Proceeding Success     -> Terminated SendResponse Terminate
            Proceeding Failure     -> Terminated SendResponse Terminate
            """,
            new Dictionary<TransactionState, ServerEvent[]>
            {
                [Initial] = [],
                [Trying] = [Start],
                [Proceeding] = [Start, RetransmissionDue],
                [Terminated] = [Start, ExpiryDue],
            },
            () => Of(new ServerNonInviteMachine(TransactionTimes.Default, reliable: true)));
    }

    [Theory]
    [InlineData(500, 4000, 3500)]
    [InlineData(500, 3000, 3500)]
    [InlineData(100, 100, 100)]
    public void NonInviteTryingAfter_IsWhenTimerEReachesT2(int t1, int t2, int expected)
    {
        var times = new TransactionTimes { T1 = TimeSpan.FromMilliseconds(t1), T2 = TimeSpan.FromMilliseconds(t2) };

        Assert.Equal(expected, times.NonInviteTryingAfter.TotalMilliseconds);
    }

    private static (Func<ServerEvent, TransactionEffects>, Func<TransactionState>) Of(IServerMachine machine) => (machine.On, () => machine.State);
}
