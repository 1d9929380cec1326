// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Server.Registrar;

namespace Isthmus.Tests.Server;

public sealed class RequestPipelineTests
{
    private readonly List<string> _seen = [];

    [Theory]
    [InlineData(nameof(StepResult.Continue), "one two three")]
    [InlineData(nameof(StepResult.Answered), "one two")]
    [InlineData(nameof(StepResult.Taken), "one two")]
    public void Run_StepSays_TheNextOnesSeeItOrNot(string result, string seen)
    {
        var second = Enum.Parse<StepResult>(result);
        RequestPipeline pipeline = Pipeline(StepResult.Continue, second, StepResult.Continue);
        Assert.Equal(second, pipeline.Run(Context(pipeline)));
        Assert.Equal(seen, string.Join(' ', _seen));
    }

    [Fact]
    public void Resume_AfterTaken_GoesOnWithTheNextStep()
    {
        RequestPipeline pipeline = Pipeline(StepResult.Continue, StepResult.Taken, StepResult.Continue);
        RequestContext context = Context(pipeline);
        pipeline.Run(context);
        context.Resume();
        Assert.Equal(["one", "two", "three"], _seen);
    }

    [Fact]
    public void ToString_NamesTheStepsInOrder() => Assert.Equal("one → two → three", Pipeline(default, default, default).ToString());

    private RequestPipeline Pipeline(StepResult one, StepResult two, StepResult three) =>
        new([new Step("one", one, _seen), new Step("two", two, _seen), new Step("three", three, _seen)]);

    private static RequestContext Context(RequestPipeline pipeline)
    {
        const string Text = "OPTIONS sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n";
        var request = (SipRequest)SipParser.Parse(Encoding.UTF8.GetBytes(Text)).Message!;
        var context = new RequestContext(null!, pipeline);
        context.Begin(new ReceivedRequest(request, TestFlow.Of(SipTransport.Udp, IpVersion.V4, 5060)), transaction: null);
        return context;
    }

    private sealed class Step(string name, StepResult result, List<string> seen) : IRequestStep
    {
        public string Name => name;

        public StepResult Handle(RequestContext context)
        {
            seen.Add(name);
            return result;
        }
    }
}
