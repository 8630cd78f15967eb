// The few words of the diagram itself, in the page's language.
const CHINESE = {
  whole: '显示全图',
  wholeShort: '全图',
  closer: '放大',
  farther: '缩小',
  current: '定位到当前环节',
  currentShort: '当前',
  failed: '流程图未能显示：',
};

const ENGLISH = {
  whole: 'Show the whole diagram',
  wholeShort: 'All',
  closer: 'Zoom in',
  farther: 'Zoom out',
  current: 'Go to the current step',
  currentShort: 'Now',
  failed: 'The diagram could not be shown: ',
};

export const words = document.documentElement.lang.startsWith('en') ? ENGLISH : CHINESE;
