// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip.Transactions;

/// <summary>Random histories: whatever happens in whatever order, the machines keep their promises.</summary>
public sealed class MachinePropertyTests
{
    private static readonly Gen<ClientEvent[]> ClientHistories =
        Gen.Int[(int)ClientEvent.Start + 1, (int)ClientEvent.ExpiryDue].Select(value => (ClientEvent)value).Array[0, 40];

    private static readonly Gen<ServerEvent[]> ServerHistories =
        Gen.Int[(int)ServerEvent.Start + 1, (int)ServerEvent.ExpiryDue].Select(value => (ServerEvent)value).Array[0, 40];

    [Fact]
    public void ClientInvite_AnyHistory_KeepsItsPromises() => Gen.Select(ClientHistories, Gen.Bool).Sample((history, reliable) =>
    {
        var machine = new ClientInviteMachine(TransactionTimes.Default, reliable);
        var timers = new Slots();
        var failures = 0;
        var reports = 0;
        Step(ClientEvent.Start);
        foreach (var happened in history)
        {
            Step(happened);
        }

        // Proceeding waits for the user (Timer C of a proxy, a person at a phone); from a CANCEL on it ends by itself.
        Step(ClientEvent.Cancel);
        for (var i = 0; i < 20 && machine.State != TransactionState.Terminated && timers.Next is { } next; i++)
        {
            Step(next == Slots.Slot.Retransmission ? ClientEvent.RetransmissionDue : ClientEvent.ExpiryDue);
        }

        Assert.Equal(TransactionState.Terminated, machine.State);
        Assert.InRange(failures, 0, 1);
        Assert.InRange(reports, 0, 1);

        void Step(ClientEvent happened)
        {
            if (!timers.MayFire(happened == ClientEvent.RetransmissionDue, happened == ClientEvent.ExpiryDue))
            {
                return;
            }

            var before = machine.State;
            var effects = machine.On(happened);
            timers.Apply(effects);
            AssertTerminatedSilent(before, machine.State, effects);
            failures += happened == ClientEvent.Failure && effects.Has(TransactionActions.Deliver) ? 1 : 0;
            reports += effects.Has(TransactionActions.ReportTimeout | TransactionActions.ReportTransportError) ? 1 : 0;
            Assert.True(happened == ClientEvent.Failure || !effects.Has(TransactionActions.SendAck));
            Assert.True(before is TransactionState.Initial or TransactionState.Calling || !effects.Has(TransactionActions.SendRequest));
            Assert.False(reliable && happened != ClientEvent.Start && effects.Has(TransactionActions.SendRequest));
        }
    });

    [Fact]
    public void ClientNonInvite_AnyHistory_DeliversOneFinalOrOneReport() => Gen.Select(ClientHistories, Gen.Bool).Sample((history, reliable) =>
    {
        var machine = new ClientNonInviteMachine(TransactionTimes.Default, reliable);
        var timers = new Slots();
        var outcomes = 0;
        Step(ClientEvent.Start);
        foreach (var happened in history)
        {
            Step(happened);
        }

        for (var i = 0; i < 40 && machine.State != TransactionState.Terminated && timers.Next is { } next; i++)
        {
            Step(next == Slots.Slot.Retransmission ? ClientEvent.RetransmissionDue : ClientEvent.ExpiryDue);
        }

        Assert.Equal(TransactionState.Terminated, machine.State);
        Assert.Equal(1, outcomes);

        void Step(ClientEvent happened)
        {
            if (!timers.MayFire(happened == ClientEvent.RetransmissionDue, happened == ClientEvent.ExpiryDue))
            {
                return;
            }

            var before = machine.State;
            var effects = machine.On(happened);
            timers.Apply(effects);
            AssertTerminatedSilent(before, machine.State, effects);
            outcomes += happened is ClientEvent.Success or ClientEvent.Failure && effects.Has(TransactionActions.Deliver) ? 1 : 0;
            outcomes += effects.Has(TransactionActions.ReportTimeout | TransactionActions.ReportTransportError) ? 1 : 0;
            Assert.False(effects.Has(TransactionActions.SendAck));
        }
    });

    [Fact]
    public void ServerInvite_AnyHistory_SendsOneClassOfFinalAndEnds() => Gen.Select(ServerHistories, Gen.Bool).Sample((history, reliable) =>
    {
        var machine = new ServerInviteMachine(TransactionTimes.Default, reliable);
        Run(machine, history, (happened, before, effects) =>
        {
            var isNewFinal = happened is ServerEvent.Success or ServerEvent.Failure && effects.Has(TransactionActions.SendResponse);
            Assert.True(!isNewFinal || before == TransactionState.Proceeding || (before == TransactionState.Accepted && happened == ServerEvent.Success));
            Assert.True(before is TransactionState.Proceeding or TransactionState.Initial || !effects.Has(TransactionActions.SendTrying));
        });
    });

    [Fact]
    public void ServerNonInvite_AnyHistory_SendsOneFinalAndEnds() => Gen.Select(ServerHistories, Gen.Bool).Sample((history, reliable) =>
    {
        var machine = new ServerNonInviteMachine(TransactionTimes.Default, reliable);
        var finals = 0;
        Run(machine, history, (happened, _, effects) =>
            finals += happened is ServerEvent.Success or ServerEvent.Failure && effects.Has(TransactionActions.SendResponse) ? 1 : 0);
        Assert.InRange(finals, 0, 1);
    });

    private static void Run(IServerMachine machine, ServerEvent[] history, Action<ServerEvent, TransactionState, TransactionEffects> check)
    {
        var timers = new Slots();
        Step(ServerEvent.Start);
        foreach (var happened in history)
        {
            Step(happened);
        }

        // An INVITE waits for its user as long as that takes; every other request ends without.
        Step(machine is ServerInviteMachine ? ServerEvent.Failure : ServerEvent.Request);
        for (var i = 0; i < 40 && machine.State != TransactionState.Terminated && timers.Next is { } next; i++)
        {
            Step(next == Slots.Slot.Retransmission ? ServerEvent.RetransmissionDue : ServerEvent.ExpiryDue);
        }

        Assert.Equal(TransactionState.Terminated, machine.State);

        void Step(ServerEvent happened)
        {
            if (!timers.MayFire(happened == ServerEvent.RetransmissionDue, happened == ServerEvent.ExpiryDue))
            {
                return;
            }

            var before = machine.State;
            var effects = machine.On(happened);
            timers.Apply(effects);
            AssertTerminatedSilent(before, machine.State, effects);
            check(happened, before, effects);
        }
    }

    private static void AssertTerminatedSilent(TransactionState before, TransactionState after, TransactionEffects effects)
    {
        if (before == TransactionState.Terminated)
        {
            Assert.Equal(TransactionEffects.None, effects);
        }

        Assert.Equal(before != TransactionState.Terminated && after == TransactionState.Terminated, effects.Has(TransactionActions.Terminate));
    }

    /// <summary>The two timers of a transaction on a clock of their own: a timer fires only when it runs, the earlier one first.</summary>
    private sealed class Slots
    {
        private TimeSpan _now;
        private TimeSpan? _retransmission;
        private TimeSpan? _expiry;

        public enum Slot
        {
            Retransmission,
            Expiry,
        }

        public Slot? Next => (_retransmission, _expiry) switch
        {
            (null, null) => null,
            ({ } r, { } e) when r < e => Slot.Retransmission,
            ({ }, null) => Slot.Retransmission,
            _ => Slot.Expiry,
        };

        public bool MayFire(bool retransmission, bool expiry)
        {
            if (retransmission)
            {
                _now = _retransmission ?? _now;
                var runs = _retransmission is not null;
                _retransmission = null;
                return runs;
            }

            if (expiry)
            {
                _now = _expiry ?? _now;
                var runs = _expiry is not null;
                _expiry = null;
                return runs;
            }

            return true;
        }

        public void Apply(TransactionEffects effects)
        {
            _retransmission = effects.Has(TransactionActions.StopRetransmission | TransactionActions.Terminate) ? null : _retransmission;
            _expiry = effects.Has(TransactionActions.StopExpiry | TransactionActions.Terminate) ? null : _expiry;
            _retransmission = effects.Retransmission.Timer != TransactionTimer.None ? _now + effects.Retransmission.Due : _retransmission;
            _expiry = effects.Expiry.Timer != TransactionTimer.None ? _now + effects.Expiry.Due : _expiry;
        }
    }
}
