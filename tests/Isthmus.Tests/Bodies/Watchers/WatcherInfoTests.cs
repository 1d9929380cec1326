// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class WatcherInfoTests
{
    [Fact]
    public void TryParse_Document_HasWatchers()
    {
        var info = Reading.Document<WatcherInfo>(WatcherInfo.TryParse, """
            <?xml version="1.0"?>
            <watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="3" state="partial">
              <watcher-list resource="sip:alice@example.com" package="presence">
                <watcher id="7768a77s" event="subscribe" status="pending" expiration="600" duration-subscribed="12" display-name="Bob">sip:bob@example.com</watcher>
                <watcher id="x" event="noresource" status="terminated">sip:carol@example.com</watcher>
                <watcher id="y" event="?" status="?">sip:dave@example.com</watcher>
              </watcher-list>
            </watcherinfo>
            """);
        Assert.Equal((3, false), (info.Version, info.IsFull));
        var list = Assert.Single(info.Lists);
        Assert.Equal(("sip:alice@example.com", "presence"), (list.Resource, list.Package));
        Assert.Equal(
            [
                new("7768a77s", "sip:bob@example.com", WatcherStatus.Pending, WatcherEvent.Subscribe) { ExpirationSeconds = 600, SubscribedSeconds = 12, DisplayName = "Bob" },
                new("x", "sip:carol@example.com", WatcherStatus.Terminated, WatcherEvent.NoResource),
                new("y", "sip:dave@example.com", WatcherStatus.Pending, WatcherEvent.Subscribe),
            ],
            list.Watchers);
        Reading.RoundTrip(WatcherInfo.TryParse, info, static document => document.ToBytes());
    }

    [Fact]
    public void ToBytes_VersionNotKnown_LeavesItsPlaceEmpty()
    {
        var info = new WatcherInfo(null, true) { Lists = [new("sip:a@b", "presence") { Watchers = [new("1", "sip:c@d", WatcherStatus.Active, WatcherEvent.Approved)] }] };
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<watcherinfo xmlns=\"urn:ietf:params:xml:ns:watcherinfo\" version=\"\" state=\"full\">" +
            "<watcher-list resource=\"sip:a@b\" package=\"presence\"><watcher status=\"active\" event=\"approved\" id=\"1\">sip:c@d</watcher></watcher-list></watcherinfo>",
            Encoding.UTF8.GetString(info.ToBytes()));
    }

    [Fact]
    public void LeftOut_IsSaidBehindTheWatchers_AndRead()
    {
        var info = new WatcherInfo(1, true) { Lists = [new("sip:a@b", "presence") { Watchers = [new("1", "sip:c@d", WatcherStatus.Active, WatcherEvent.Approved)], LeftOut = 7 }] };
        Assert.Contains("</watcher><left-out xmlns=\"urn:isthmus:watcherinfo\">7</left-out></watcher-list>", Encoding.UTF8.GetString(info.ToBytes()), StringComparison.Ordinal);
        Assert.Equal(7, Reading.RoundTrip(WatcherInfo.TryParse, info, static document => document.ToBytes()).Lists[0].LeftOut);
    }

    [Fact]
    public void Watcher_EveryStatusAndEvent_IsReadAsTheSame()
    {
        var watchers = from status in Enum.GetValues<WatcherStatus>() from change in Enum.GetValues<WatcherEvent>() select new Watcher($"{status}{change}", "sip:w@x", status, change);
        var info = new WatcherInfo(0, true) { Lists = [new("sip:a@b", "presence") { Watchers = [.. watchers] }] };
        Assert.Equal(info.Lists[0].Watchers, Reading.RoundTrip(WatcherInfo.TryParse, info, static document => document.ToBytes()).Lists[0].Watchers);
    }

    [Fact]
    public void TryParse_OtherRoot_IsAFault() => Assert.Equal("this is not a watcherinfo document", Reading.Fault<WatcherInfo>(WatcherInfo.TryParse, "<watcherinfo/>"));
}
