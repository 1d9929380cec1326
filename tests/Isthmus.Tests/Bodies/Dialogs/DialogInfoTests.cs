// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class DialogInfoTests
{
    // RFC 4235 §6.2, with what phones add.
    private const string Talking = """
        <?xml version="1.0"?>
        <dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="partial" entity="sip:alice@example.com">
          <dialog id="as7d900as8" call-id="a84b4c76e66710" local-tag="1928301774" remote-tag="456887766" direction="initiator">
            <state event="rejected" code="486">terminated</state>
          </dialog>
          <dialog id="zxcvbnm3" direction="recipient">
            <state>confirmed</state>
            <duration>274</duration>
            <route-set><hop>sip:p.example.com</hop></route-set>
            <local><identity display-name="Alice">sip:alice@example.com</identity>
              <target uri="sip:alice@[2001:db8::1]"><param pname="+sip.rendering" pval="yes"/></target></local>
            <remote><identity display="Bob">sip:bob@example.org</identity></remote>
            <x xmlns="urn:x">y</x>
          </dialog>
        </dialog-info>
        """;

    [Fact]
    public void TryParse_Document_HasDialogs()
    {
        var info = Reading.Document<DialogInfo>(DialogInfo.TryParse, Talking);
        Assert.Equal((1, false, "sip:alice@example.com"), (info.Version, info.IsFull, info.Entity));
        var ended = info.Dialogs[0];
        Assert.Equal((DialogPhase.Terminated, "rejected", 486, true), (ended.Phase, ended.Event, ended.Code, ended.IsCaller));
        Assert.Equal(("a84b4c76e66710", "1928301774", "456887766"), (ended.CallId, ended.LocalTag, ended.RemoteTag));
        var call = info.Dialogs[1];
        Assert.Equal((DialogPhase.Confirmed, 274, false), (call.Phase, call.DurationSeconds, call.IsCaller));
        Assert.Equal(("sip:alice@example.com", "Alice", "sip:alice@[2001:db8::1]"), (call.Local!.Identity, call.Local.DisplayName, call.Local.Target));
        Assert.Equal([KeyValuePair.Create("+sip.rendering", "yes")], call.Local.TargetParameters);
        Assert.Equal(("sip:bob@example.org", "Bob", null), (call.Remote!.Identity, call.Remote.DisplayName, call.Remote.Target));
        Assert.Equal(["route-set", "x"], call.Extensions.Select(static element => element.Name));
        Reading.RoundTrip(DialogInfo.TryParse, info, static document => document.ToBytes());
    }

    [Fact]
    public void Compose_TwoPhones_HasEveryLiveCallUnderAnIdOfItsOwn()
    {
        var phone = Reading.Document<DialogInfo>(DialogInfo.TryParse, Talking);
        var composed = DialogInfo.Compose("sip:a@b", [phone, phone]);
        Assert.Equal((null, true, "sip:a@b"), (composed.Version, composed.IsFull, composed.Entity));
        Assert.Equal(["zxcvbnm3", "zxcvbnm3-2"], composed.Dialogs.Select(static dialog => dialog.Id));
        Assert.Empty(DialogInfo.Compose("sip:a@b", []).Dialogs);
    }

    [Theory]
    [InlineData("<dialog-info entity='sip:a@b'/>", "this is not a dialog-info document")]
    [InlineData("<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info'/>", "the entity is missing")]
    public void TryParse_AnythingElse_IsAFault(string text, string fault) => Assert.Equal(fault, Reading.Fault<DialogInfo>(DialogInfo.TryParse, text));
}
